"""What programs ask of integrations over HTTP."""
