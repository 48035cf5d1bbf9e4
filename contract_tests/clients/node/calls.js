// One action called through the official SDK: one argument, one answer.
const asked = JSON.parse(process.argv[2]);
const { [asked.Service]: service } = require(`tencentcloud-sdk-nodejs/tencentcloud/services/${asked.Service}`);

const client = new service[`v${asked.Version.replaceAll('-', '')}`].Client({
  credential: { secretId: asked.SecretId, secretKey: asked.SecretKey },
  region: asked.Region,
  profile: { httpProfile: { protocol: 'http://', endpoint: asked.Host } },
});
client[asked.Action](asked.Params).then(
  (Response) => console.log(JSON.stringify({ Response })),
  (error) => { console.error(error); process.exit(1); },
);
