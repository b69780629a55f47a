"""What is measured and how: `python -m benchmarks`, never part of the tests."""
