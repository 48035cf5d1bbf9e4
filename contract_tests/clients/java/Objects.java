// Upload, read, list and delete with the official SDK: one argument, one answer.

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.qcloud.cos.COSClient;
import com.qcloud.cos.ClientConfig;
import com.qcloud.cos.auth.BasicSessionCredentials;
import com.qcloud.cos.endpoint.UserSpecifiedEndpointBuilder;
import com.qcloud.cos.exception.CosServiceException;
import com.qcloud.cos.http.HttpProtocol;
import com.qcloud.cos.model.COSObject;
import com.qcloud.cos.model.COSObjectSummary;
import com.qcloud.cos.model.GetObjectRequest;
import com.qcloud.cos.model.ObjectMetadata;
import com.qcloud.cos.model.PutObjectResult;
import com.qcloud.cos.model.UploadResult;
import com.qcloud.cos.region.Region;
import com.qcloud.cos.transfer.TransferManager;
import com.qcloud.cos.transfer.TransferManagerConfiguration;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;

class Objects {
    static JsonObject asked;

    static COSClient client(JsonObject granted) {
        JsonObject opened = granted.getAsJsonObject("Credentials");
        ClientConfig config = new ClientConfig(new Region(granted.get("Region").getAsString()));
        config.setHttpProtocol(HttpProtocol.http);
        String host = asked.get("host").getAsString();
        config.setEndpointBuilder(new UserSpecifiedEndpointBuilder(host, host));
        return new COSClient(new BasicSessionCredentials(
            opened.get("TmpSecretId").getAsString(), opened.get("TmpSecretKey").getAsString(), opened.get("Token").getAsString()), config);
    }

    static String text(COSObject object) throws Exception {
        try (var content = object.getObjectContent()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static Map<String, Object> small(COSClient up, COSClient down, String bucket, String key) throws Exception {
        Map<String, Object> told = new LinkedHashMap<>();
        byte[] content = asked.get("content").getAsString().getBytes(StandardCharsets.UTF_8);
        ObjectMetadata length = new ObjectMetadata();
        length.setContentLength(content.length);
        PutObjectResult put = up.putObject(bucket, key, new ByteArrayInputStream(content), length);
        told.put("etag", '"' + put.getETag() + '"');
        told.put("size", down.getObjectMetadata(bucket, key).getContentLength());
        told.put("content", text(down.getObject(bucket, key)));
        GetObjectRequest part = new GetObjectRequest(bucket, key);
        part.setRange(2, 4);
        told.put("range", text(down.getObject(part)));
        told.put("listed", down.listObjects(bucket, asked.get("prefix").getAsString()).getObjectSummaries()
            .stream().map(COSObjectSummary::getKey).toList());
        up.deleteObject(bucket, key);
        try {
            down.getObjectMetadata(bucket, key);
        } catch (CosServiceException gone) {
            told.put("gone", gone.getStatusCode());
        }
        return told;
    }

    static Map<String, Object> large(COSClient up, COSClient down, String bucket, String key) throws Exception {
        TransferManager transfers = new TransferManager(up, Executors.newFixedThreadPool(2));
        TransferManagerConfiguration parts = new TransferManagerConfiguration();
        parts.setMultipartUploadThreshold(1 << 20);
        parts.setMinimumUploadPartSize(1 << 20);
        transfers.setConfiguration(parts);
        UploadResult put = transfers.upload(bucket, key, new File(asked.get("file").getAsString())).waitForUploadResult();
        transfers.shutdownNow(false);
        Path target = Path.of(asked.get("file").getAsString() + ".down");
        down.getObject(new GetObjectRequest(bucket, key), target.toFile());
        byte[] sum = MessageDigest.getInstance("MD5").digest(Files.readAllBytes(target));
        return Map.of("etag", '"' + put.getETag() + '"', "md5", String.format("%032x", new BigInteger(1, sum)));
    }

    public static void main(String[] arguments) throws Exception {
        asked = JsonParser.parseString(arguments[0]).getAsJsonObject();
        JsonObject granted = asked.getAsJsonObject("up");
        COSClient up = client(granted);
        COSClient down = client(asked.getAsJsonObject("down"));
        String bucket = granted.get("Bucket").getAsString();
        String key = granted.get("UploadPath").getAsString();
        boolean whole = asked.get("what").getAsString().equals("small");
        try {
            System.out.println(new Gson().toJson(whole ? small(up, down, bucket, key) : large(up, down, bucket, key)));
        } catch (Exception failure) {
            failure.printStackTrace();
            System.exit(1);
        }
        up.shutdown();
        down.shutdown();
    }
}
