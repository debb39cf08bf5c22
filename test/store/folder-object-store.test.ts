import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';
import { describeObjectStore } from './object-store-contract.ts';

let parent: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'folder-object-store-'));
});
afterAll(async () => {
  await rm(parent, { recursive: true });
});

const newFolder = (): string => join(parent, `archive-${Math.random()}`);

const emptyStore = async (): Promise<FolderObjectStore> => {
  const store = new FolderObjectStore(newFolder());
  await store.check();
  return store;
};

describeObjectStore(
  'FolderObjectStore',
  emptyStore,
  async () => new FolderObjectStore(newFolder()),
);
