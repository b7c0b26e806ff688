"""What tools print as they work, read line by line: their JSON, their text, and the sentences made of both."""
