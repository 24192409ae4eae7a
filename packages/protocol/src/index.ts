/** What is said on the wire: topics, codes, codec. Whoever writes a service or a client starts here. */
export { CLOSE_CODES, closeCodeOf } from './close-codes.ts';
export { msgpackLiteCodec } from './codec.ts';
export { encodedBytes } from './encoded-bytes.ts';
export { Failure, ProtocolError } from './errors.ts';
export { MAX_INCARNATION, MAX_NUMBER, NUMBERS_PER_INCARNATION, incarnationOf } from './incarnations.ts';
export { largestBytes } from './largest-bytes.ts';
export { NAME_RULE, isUserId, parseName, userKey } from './name-rule.ts';
export { FAILURE_CODES, isFailureCode } from './failure-codes.ts';
export { faultText } from './first-fault.ts';
export {
  checkedPayload,
  decodeFailure,
  decodePayload,
  encodeCall,
  encodeFailure,
  encodeMessage,
  encodeReply,
  readPayload,
} from './payload.ts';
export { call, message } from './own-words.ts';
export { requireShortRoomText } from './room-rule.ts';
export { MAX_PAGE_BYTES, MAX_TOKEN_CHARACTERS, RoomInfo, Seat } from './schemas.ts';
export { isServiceProof, serviceProof } from './service-proof.ts';
export { escapedJson, escapedLines, escapedText, readableText } from './shown-text.ts';
export { MAX_DEPTH, checkStructure } from './structure-check.ts';
export { isCall, lobbyTopics, topicTable } from './topic-table.ts';
export { auth } from './topics/auth.ts';
export { LAST_NET_TOPIC, NONCE_BYTES, PROTOCOL_VERSION, net, serviceNet } from './topics/net.ts';
export { room } from './topics/room.ts';
export { service } from './topics/service.ts';

export type { CloseCode } from './close-codes.ts';
export type { Codec } from './codec.ts';
export type { FailureDetails, FailureReason, ProtocolErrorCode } from './errors.ts';
export type { FailureCode } from './failure-codes.ts';
export type { Fault } from './first-fault.ts';
export type { ServiceIdentity } from './service-proof.ts';
export type { TopicGroup, TopicTable } from './topic-table.ts';
export type { CallTopic, Flow, Form, MessageTopic, PayloadOf, ResponseOf, Standing, Topic } from './topic.ts';
