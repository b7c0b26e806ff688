/* Removing a folder whatever a tool has made of it. */
#ifndef REMOVAL_H
#define REMOVAL_H

/* Remove what has this name in the current folder, and all that is in it: deeper than any stack or path, closed to its
   owner, full of links. Follows no link, and leaves what cannot be removed. */
void remove_tree(const char *name);

#endif
