"""`python -m bench`: run the benchmark and write `docs/benchmarks.md`."""

import sys

from bench.pipeline import main

if __name__ == "__main__":
    if not any(argument.startswith("--output") for argument in sys.argv):
        sys.argv += ["--output", "docs/benchmarks.md"]
    main()
