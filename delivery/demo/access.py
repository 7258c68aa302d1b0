"""Who may open which URL of the demonstration: anyone, while it runs; otherwise there is no such page."""

from delivery import env
from delivery.ground.access import Rule

WHILE_IT_RUNS = Rule("anyone while the demonstration runs", lambda actor: env.is_demo(), is_public=True)

ACCESS = {
    "demo": WHILE_IT_RUNS,
    "demo_sign_in": WHILE_IT_RUNS,
    "demo_leave": WHILE_IT_RUNS,
    "demo_break": WHILE_IT_RUNS,
    "demo_heal": WHILE_IT_RUNS,
}
