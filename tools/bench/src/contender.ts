/**
 * The one shape of all contenders: a half that serves and a half that loads, each in a process of its own.
 * What both share is written once, in the `load.ts` of the scenario; a contender's file shows only what its
 * own users would write.
 *
 * It knows no figures: those are counted by the loads and by the system.
 */

/** What a scenario is run with; each uses what it needs. */
export interface Variant {
  readonly name: string;
  readonly connections: number;
  /**
   * Echo and call: messages of a connection under way. Rooms: chats of a room under way. Journeys: journeys
   * under way. Arrivals: users of a load under way.
   */
  readonly inFlight: number;
  /** Members of a room. */
  readonly roomSize: number;
}

/** What a load must know to reach a server; told between processes, so plain values only. */
export interface Served {
  readonly port: number;
  /** Of all processes, where users are spread over several. */
  readonly ports?: readonly number[];
  /** Whatever else the contender's own load needs: tickets, a key. */
  readonly more?: Readonly<Record<string, string>>;
  readonly tickets?: readonly string[];
}

/** What serving costs, since the start of the process. */
export interface Usage {
  /** Of every process that serves, in milliseconds. */
  readonly cpuMs: number;
  /** Of the processes that hold the clients' connections. */
  readonly rssBytes: number;
}

export interface Serving {
  readonly served: Served;
  /**
   * Where others than this process serve: what they cost, after a garbage collection if asked for. This
   * process if left out.
   */
  readonly usage?: (collect: boolean) => Promise<Usage>;
  /** Where others than this process serve: ends them. */
  readonly stop?: () => Promise<void>;
}

interface Server {
  serve(variant: Variant): Promise<Serving>;
}

/** P1. `heard` is to be called once for each message that came back. */
export interface EchoContender extends Server {
  connect(served: Served, heard: () => void): Promise<{ send(): void }>;
}

/** P2. The promise of a call resolves with its answer. */
export interface CallContender extends Server {
  connect(served: Served): Promise<{ call(): Promise<unknown> }>;
}

/** Who joins which room. Speakers are told which chats are their own; listeners may leave them undecoded. */
export interface Place {
  readonly room: number;
  /** Over all rooms, from 0. */
  readonly member: number;
  readonly isSpeaker: boolean;
}

/**
 * P3, P4. `heard` is to be called once for each chat that is delivered, with whether it is this member's own.
 */
export interface RoomsContender extends Server {
  join(served: Served, place: Place, heard: (own: boolean) => void): Promise<{ say(): void }>;
}

/** P8. One user's way: arrive with a token, take a seat, ten chats heard, leave, go. */
export interface JourneyContender extends Server {
  /**
   * `lane` names the room of those who travel one after the other. `user` is never the same twice in one
   * load.
   */
  travel(served: Served, lane: number, user: number): Promise<void>;
}

/** P11. One user's way into a room, there to stay. */
export interface ArrivalContender extends Server {
  /** Resolves when that member is in. `lost` is to be called when it is no longer. */
  arrive(served: Served, place: Omit<Place, 'isSpeaker'>, lost: () => void): Promise<void>;
}

/** P5, P6: what is measured inside of one process, without a network. */
export interface AloneContender {
  measure(variant: Variant): Measures | Promise<Measures>;
}

/** Named figures of one contender in one round. */
export type Measures = Readonly<Record<string, number>>;
