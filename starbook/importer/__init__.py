"""Documents that people already have → stories, questions and guides in our format."""
