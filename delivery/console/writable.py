"""Which models the console may change by form: none. Prices, hours, roles and devices change through services,
which leave a fact behind; a form that saves a row would not. Name a model here ("app.model") to open it."""

WRITABLE: frozenset[str] = frozenset()
