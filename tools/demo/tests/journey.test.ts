/** The journey over real TCP, against a lobby with two fronts on free ports, and against none. */

import { describe, expect, it } from '@jest/globals';
import { TestLobby } from '@lobby/client/testing';
import { nodePlatform } from '@lobby/net-frame';
import { runJourney } from '../src/index.ts';

const ANYWHERE = { host: '127.0.0.1', port: 0 };

async function twoFronts(): Promise<TestLobby> {
  return TestLobby.start({ platform: nodePlatform(), fronts: [ANYWHERE, ANYWHERE] });
}

describe('the journey', () => {
  it('arrives, and prints every step with its number and its time', async () => {
    await using server = await twoFronts();
    const lines: string[] = [];
    const report = await runJourney({
      appFront: server.address(0),
      lobbyRunner: server.address(1),
      print: (line) => lines.push(line),
    });
    expect(report.fault).toBeUndefined();
    expect(report.done).toHaveLength(18);
    expect(lines).toHaveLength(20);
    expect(lines[0]).toMatch(/^✓ {2}1 {2}ana connects to app-front {2,}\d+\.\d ms$/);
    expect(new Set(lines.slice(0, 18).map((line) => line.length)).size).toBe(1);
    expect(lines.at(-1)).toMatch(/^18 of 18 steps in \d+\.\d ms$/);
  });

  it('can be made again in the same lobby', async () => {
    await using server = await twoFronts();
    const fronts = { appFront: server.address(0), lobbyRunner: server.address(1) };
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await runJourney({ ...fronts, print: () => undefined })).toMatchObject({ fault: undefined });
      expect(server.connections).toBe(0);
    }
  });

  it('says in one line that nobody listens, and how to start the lobby', async () => {
    const server = await twoFronts();
    const { port } = server.address(0);
    await server.stop();
    const lines: string[] = [];
    const { fault } = await runJourney({
      appFront: server.address(0),
      lobbyRunner: server.address(1),
      print: (line) => lines.push(line),
    });
    expect(fault).toBe(
      `step 1 (ana connects to app-front) failed: nobody listens on 127.0.0.1:${port}: start the lobby with npm start`,
    );
    expect(lines[0]).toMatch(/^✗ {2}1 /);
    expect(lines[2]).toBe(fault);
  });

  it('fails where the two fronts are not of one lobby', async () => {
    await using here = await twoFronts();
    await using there = await twoFronts();
    const { fault } = await runJourney({
      appFront: here.address(0),
      lobbyRunner: there.address(0),
      print: () => undefined,
    });
    expect(fault).toMatch(/^step 8 .*: no room called "tea with ana-[0-9a-f]{8}" is listed$/);
  });
});
