import { API_VERSION, defineDestination, NO_OPTIONS } from '../../index.js';
import { FolderDestination } from './folder-destination.js';
import { rootOf } from './root.js';

export default defineDestination({
  apiVersion: API_VERSION,
  name: 'folder',
  version: '1.0.0',
  summary: 'A folder, also one of a mounted share; published by a rename.',
  options: NO_OPTIONS,
  open: ({ to, baseDir }) => rootOf(to, baseDir).then((root) => new FolderDestination(root)),
});
