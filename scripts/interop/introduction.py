"""The example with which Kafka is introduced, run against a cluster of ours: a producer with serializers for key and value,
and a consumer in a group. The only thing that was changed is the address, which comes as the first argument."""
import json
import sys

import kafka
from kafka import KafkaConsumer, KafkaProducer

bootstrap_servers = sys.argv[1].split(',')

producer = KafkaProducer(
    bootstrap_servers=bootstrap_servers,
    key_serializer=lambda key: key.encode('utf-8'),
    value_serializer=lambda value: json.dumps(value).encode('utf-8'),
)
metadata = producer.send('my_topic', key='message_key', value={'hello': 'kafka', 'client': kafka.__version__}).get(timeout=30)
producer.flush()
producer.close()
print('sent to', metadata.topic, metadata.partition, metadata.offset)

consumer = KafkaConsumer(
    'my_topic',
    bootstrap_servers=bootstrap_servers,
    group_id='consumer_group_1',
    auto_offset_reset='earliest',
    key_deserializer=lambda key: key.decode('utf-8'),
    value_deserializer=lambda value: json.loads(value.decode('utf-8')),
    # The introduction iterates for ever; this ends when its own record has come.
    consumer_timeout_ms=30_000,
)
for message in consumer:
    print('received', message.topic, message.partition, message.offset, message.key, json.dumps(message.value))
    if message.value['client'] == kafka.__version__:
        break
consumer.commit()
print('committed', consumer.committed(kafka.TopicPartition(metadata.topic, metadata.partition)))
consumer.close()
