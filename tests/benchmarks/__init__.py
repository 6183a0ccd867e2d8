"""How quick the pages are beside stock ModelAdmins: python -m tests.benchmarks --patients N."""
