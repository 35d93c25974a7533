"""Small checkers and helpers of the repository. Developers run them by make; the site does not use them."""
