"""Many reports at once, on an executor: this machine's processes, or the workers of a Dask cluster.

``work`` says what is done with each report and takes what comes of them in order; ``processes`` and
``cluster`` are where it is done. Nothing here reads or writes the clerk's files: bytes go out and come back.
"""
