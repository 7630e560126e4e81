"""Coach: remarks on what an interviewer would stumble over in a story, from its facts alone."""
