"""The time and memory that Wares takes, as ratios measured side by side in one run.

python -m benchmarks [NAME...] [--quick] [--markdown FILE]
"""
