/** A limit of attempts that have something in common, such as the e-mail address. */
export type Limit = Bucket | Quota;

/** Each attempt beyond the free ones delays the next one for twice as long as the attempt before: 1, 2, 4 … seconds. */
export interface Bucket {
  readonly key: string;
  /** So many attempts are not delayed. */
  readonly free: number;
  /** One attempt is forgiven for every such time without one. */
  readonly refundMs: number;
}

/** A number of attempts until a time. Then they are all forgiven. */
export interface Quota {
  readonly key: string;
  readonly most: number;
  /** If an attempt was counted before, the time that was given with that attempt. */
  readonly endsAtMs: number;
  /** It only tells whether a group is open. An attempt at the moment when it is used up is not rejected. */
  readonly isSoft?: boolean;
}

export function isBucket(limit: Limit): limit is Bucket {
  return 'refundMs' in limit;
}

export function isQuota(limit: Limit): limit is Quota {
  return 'most' in limit;
}
