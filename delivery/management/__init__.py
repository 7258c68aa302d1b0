"""Commands that see everything: up, explain, doctor, replay."""
