// Every client there is to try, in the order of the table.

import type { Opened, Surroundings } from '../client.ts';
import { openJava } from './java.ts';
import { openJavaConsole } from './java-console.ts';
import { debianPython, kafkaPythonClient, newestPython } from './kafka-python.ts';
import { openKafkajs } from './kafkajs.ts';
import { openKcat } from './kcat.ts';
import { openOwnClient } from './own.ts';
import { openPlatformatic } from './platformatic.ts';

export async function openClients(surroundings: Surroundings): Promise<readonly Opened[]> {
  return [
    await openKcat(surroundings),
    await openKafkajs(surroundings),
    await openPlatformatic(surroundings),
    kafkaPythonClient('python-debian', await debianPython(), surroundings),
    kafkaPythonClient('python-newest', await newestPython(), surroundings),
    await openJava(surroundings),
    await openJavaConsole(surroundings),
    await openOwnClient(surroundings),
  ];
}
