/** An organ of the cooperative that decides resolutions. A new organ is a new file in this folder. */
export interface OrganDefinition {
  readonly german: string;
  /** Whether resolutions of this organ can be made here; what can't is refused by name. */
  readonly supported: boolean;
}
