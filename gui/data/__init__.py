"""Qt models of the database's content, and the Qt-free values they show, shared by several panels."""
