/** What is kept of a code and of a text that come from a plugin: one that says much must not fill the disk, or the terminal. */
export const MAX_CODE_CHARS = 64;
export const MAX_TEXT_CHARS = 500;
