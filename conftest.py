"""What every test of the house can use. The settings come first: see tests/environment.py."""

pytest_plugins = ["pytester", "tests.strictness", "tests.databases", "tests.sites", "tests.browser", "tests.cast"]
