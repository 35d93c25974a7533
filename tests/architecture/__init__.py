"""The rules of the house, each as a check, a test on the real house, and a test that the check can fail."""
