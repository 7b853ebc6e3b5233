/** The names that `expect.violates` is compared with when it looks misspelt. Other names are possible. */
export const INVARIANTS: readonly string[] = `
one-leader-per-epoch majority-commit no-lost-commit integrity agreement total-order local-primary-order
global-primary-order primary-integrity
initial-history commit-consistency history-consistency no-bad-state no-bad-ack no-bad-proposal no-bad-commit
decision-backed round-never-regresses vote-only-improves self-lead non-voter-never-counts epoch-never-reused
vote-truthful
epochs-never-regress restartable claims-are-durable acks-are-durable log-contiguous kept-snapshots-restore
replay-equals-claim no-resurrection disk-stays-bounded
epoch-held-by-quorum
new-leader-ack-durable epoch-ack-durable leader-info-durable up-to-date-backed history-before-epoch
digests-agree ephemerals-owned
acked-writes-survive session-order zxid-never-regresses linearizable-writes watch-before-data reads-committed
watches-fire reads-are-recent sessions-expire-in-time sync-is-a-barrier healed-serves recipes-hold
heir-has-all hands-over-in-peace one-change-at-a-time newest-configuration
promises-kept one-value-per-ballot one-value-chosen chosen-stays-chosen chosen-by-quorum applied-in-order
elects all-join joins-settle quorumless-leader-resigns supported-leader-stays chosen-leader-leads
acked-leader-serves resigned-leader-lets-go log-keeps-up hung-follower-is-dropped restarts-serve
writes-commit elections-settle queues-drain actors-live
`
  .trim()
  .split(/\s+/);
