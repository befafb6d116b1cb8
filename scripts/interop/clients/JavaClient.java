// Apache Kafka's own client as a writer and a reader, started from source with the jars on the class path. See line-client.ts.
// The console tools can't carry every byte; this can.

import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public class JavaClient {
    private static final HexFormat HEX = HexFormat.of();
    private static final long IDLE_LIMIT_MS = 60_000;

    public static void main(String[] args) throws Exception {
        if (args[0].equals("write")) {
            for (int at = 2; at < args.length; at += 3) write(args[1], args[at], args[at + 1], Path.of(args[at + 2]));
        } else {
            read(args);
        }
    }

    private static void write(String bootstrap, String codec, String topic, Path file) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "compression.type", codec, "linger.ms", 20);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String line : Files.readAllLines(file)) {
                String[] fields = line.split("\t", -1);
                sent.add(producer.send(new ProducerRecord<>(topic, Integer.valueOf(fields[0]), Long.valueOf(fields[1]), decode(fields[2]), decode(fields[3]), headers(fields[4]))));
            }
            producer.flush();
            for (Future<RecordMetadata> one : sent) one.get();
        }
    }

    private static void read(String[] args) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", args[1], "group.id", "interop-" + UUID.randomUUID(), "auto.offset.reset", "earliest", "max.poll.records", 5000);
        Map<String, BufferedWriter> files = new HashMap<>();
        long left = 0;
        for (int at = 2; at < args.length; at += 3) {
            left += Long.parseLong(args[at]);
            files.put(args[at + 1], Files.newBufferedWriter(Path.of(args[at + 2])));
        }
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(files.keySet());
            long lastMs = System.currentTimeMillis();
            while (left > 0 && System.currentTimeMillis() - lastMs < IDLE_LIMIT_MS) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    files.get(record.topic()).write(line(record));
                    left--;
                    lastMs = System.currentTimeMillis();
                }
            }
        }
        for (BufferedWriter file : files.values()) file.close();
    }

    private static String line(ConsumerRecord<byte[], byte[]> record) {
        List<String> headers = new ArrayList<>();
        for (Header header : record.headers()) headers.add(header.key() + "=" + encode(header.value()));
        return String.join("\t", String.valueOf(record.partition()), String.valueOf(record.offset()), String.valueOf(record.timestamp()),
            encode(record.key()), encode(record.value()), String.join(",", headers)) + "\n";
    }

    private static List<Header> headers(String text) {
        List<Header> headers = new ArrayList<>();
        for (String item : text.isEmpty() ? new String[0] : text.split(",")) {
            int at = item.indexOf('=');
            headers.add(new RecordHeader(item.substring(0, at), decode(item.substring(at + 1))));
        }
        return headers;
    }

    private static byte[] decode(String text) {
        return text.equals("-") ? null : HEX.parseHex(text);
    }

    private static String encode(byte[] data) {
        return data == null ? "-" : HEX.formatHex(data);
    }
}
