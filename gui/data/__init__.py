"""Qt models and Qt-free readings of what the database says, shared by several panels."""
