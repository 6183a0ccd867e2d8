"""What leaves on paper: templates, fonts, and what gathers the words of each kind of document."""
