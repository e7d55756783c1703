import type { onnx } from 'onnx-proto';
import type { TensorProto } from './constants';

export type NodeProto = onnx.NodeProto;
type AttributeProto = onnx.AttributeProto;

function find(node: NodeProto, name: string): AttributeProto | undefined {
  // Decoding makes full messages; the declared type allows for hand-made ones.
  return node.attribute.find((candidate) => candidate.name === name) as AttributeProto | undefined;
}

export function intAttribute(node: NodeProto, name: string, fallback: number): number {
  const found = find(node, name);
  return found ? Number(found.i) : fallback;
}

export function intsAttribute(node: NodeProto, name: string): readonly number[] | undefined {
  return find(node, name)?.ints.map(Number);
}

export function floatAttribute(node: NodeProto, name: string, fallback: number): number {
  return find(node, name)?.f ?? fallback;
}

export function stringAttribute(node: NodeProto, name: string, fallback: string): string {
  const found = find(node, name);
  return found ? new TextDecoder().decode(found.s) : fallback;
}

export function tensorAttribute(node: NodeProto, name: string): TensorProto | undefined {
  return (find(node, name)?.t ?? undefined) as TensorProto | undefined;
}
