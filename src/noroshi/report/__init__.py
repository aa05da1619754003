"""What people read: the brief as a page, in the terminal and as pictures; small SVG builders of our own."""
