"""What an integration may say: load folders of YAML, check them, and find them by name."""
