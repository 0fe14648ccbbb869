/** `node s3-server.mjs FOLDER MS`: an s3rver with the bucket "episodes" that is so far away; prints its URL, and ends with who started it. */
import { createServer } from 'node:http';
import S3rver from 's3rver';

const [folder, roundTripMs] = [process.argv[2], Number(process.argv[3])];
const s3rver = new S3rver({
  directory: folder,
  silent: true,
  vhostBuckets: false,
  configureBuckets: [{ name: 'episodes' }],
});
await s3rver.configureBuckets();
const handle = s3rver.callback();
const server = createServer((request, response) => {
  if (roundTripMs === 0) handle(request, response);
  else setTimeout(handle, roundTripMs, request, response);
}).listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.stdin.resume().on('end', () => process.exit());
