"""What Wares costs in time and memory, as ratios measured side by side in one run.

python -m benchmarks [NAME...] [--quick] [--markdown FILE]
"""
