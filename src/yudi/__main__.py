"""Run the command line as ``python -m yudi``."""

from yudi.cli.app import main

if __name__ == "__main__":
    main()
