/** What is recorded may be sensitive: nothing for others, no write for the group. */
export const FILE_MODE = 0o640;
export const FOLDER_MODE = 0o750;
