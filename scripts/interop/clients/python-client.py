"""kafka-python as a writer and a reader; the same file runs with 2.0.2 and with the newest. See line-client.ts."""
import sys
import uuid

from kafka import KafkaConsumer, KafkaProducer

IDLE_LIMIT_MS = 15_000


def decode(text):
    return None if text == '-' else bytes.fromhex(text)


def encode(data):
    return '-' if data is None else bytes(data).hex()


def parse_headers(text):
    pairs = (item.split('=') for item in text.split(',') if item)
    return [(name, decode(value)) for name, value in pairs]


def write(bootstrap, codec, topic, path):
    producer = KafkaProducer(bootstrap_servers=bootstrap, compression_type=None if codec == 'none' else codec, acks='all', linger_ms=20,
                             max_in_flight_requests_per_connection=1)
    sent = []
    with open(path) as lines:
        for line in lines:
            partition, timestamp, key, value, headers = line.rstrip('\n').split('\t')
            sent.append(producer.send(topic, value=decode(value), key=decode(key), headers=parse_headers(headers), partition=int(partition),
                                      timestamp_ms=int(timestamp)))
    producer.flush()
    for future in sent:
        future.get(timeout=30)
    producer.close()


def read(bootstrap, jobs):
    consumer = KafkaConsumer(*(topic for _, topic, _ in jobs), bootstrap_servers=bootstrap, group_id='interop-' + uuid.uuid4().hex,
                             auto_offset_reset='earliest', consumer_timeout_ms=IDLE_LIMIT_MS, max_poll_records=5000)
    files = {topic: open(path, 'w') for _, topic, path in jobs}
    left = sum(int(count) for count, _, _ in jobs)
    for record in consumer:
        headers = ','.join('%s=%s' % (name, encode(value)) for name, value in record.headers)
        files[record.topic].write('\t'.join((str(record.partition), str(record.offset), str(record.timestamp), encode(record.key),
                                             encode(record.value), headers)) + '\n')
        left -= 1
        if left == 0:
            break
    consumer.close()
    for file in files.values():
        file.close()


def main():
    mode, bootstrap, rest = sys.argv[1], sys.argv[2].split(','), sys.argv[3:]
    jobs = [rest[at:at + 3] for at in range(0, len(rest), 3)]
    if mode == 'read':
        read(bootstrap, jobs)
        return
    for job in jobs:
        write(bootstrap, *job)


main()
