// Upload, read, list and delete with the official SDK: one argument, one answer.
const crypto = require('node:crypto');
const fs = require('node:fs');
const COS = require('cos-nodejs-sdk-v5');

const asked = JSON.parse(process.argv[2]);
const client = ({ Credentials }) => new COS({
  SecretId: Credentials.TmpSecretId,
  SecretKey: Credentials.TmpSecretKey,
  SecurityToken: Credentials.Token,
  Domain: asked.host,
  Protocol: 'http:',
});
const at = (granted) => ({ Bucket: granted.Bucket, Region: granted.Region, Key: asked.up.UploadPath });

async function small() {
  const [up, down] = [client(asked.up), client(asked.down)];
  const put = await up.putObject({ ...at(asked.up), Body: asked.content });
  const head = await down.headObject(at(asked.down));
  const got = await down.getObject(at(asked.down));
  const range = await down.getObject({ ...at(asked.down), Range: 'bytes=2-4' });
  const list = await down.getBucket({ ...at(asked.down), Prefix: asked.prefix });
  await up.deleteObject(at(asked.up));
  const gone = await down.headObject(at(asked.down)).then(() => 200, (error) => error.statusCode);
  return {
    etag: put.ETag,
    size: Number(head.headers['content-length']),
    content: got.Body.toString(),
    range: range.Body.toString(),
    listed: list.Contents.map((each) => each.Key),
    gone,
  };
}

async function large() {
  const put = await client(asked.up).uploadFile({ ...at(asked.up), FilePath: asked.file, SliceSize: 1 << 20, ChunkSize: 1 << 20 });
  await client(asked.down).downloadFile({
    ...at(asked.down),
    FilePath: asked.file + '.down',
    ChunkSize: 1 << 20,
    RetryTimes: 0,
  });
  return { etag: put.ETag, md5: crypto.createHash('md5').update(fs.readFileSync(asked.file + '.down')).digest('hex') };
}

({ small, large })[asked.what]().then(
  (told) => console.log(JSON.stringify(told)),
  (error) => { console.error(error); process.exit(1); },
);
