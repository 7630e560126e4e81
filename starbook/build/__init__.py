"""Building: the pipeline, what is remembered between builds, and the output folder."""
