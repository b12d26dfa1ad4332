-- CreateTable
CREATE TABLE "AttemptLimit" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "attempts" INTEGER NOT NULL,
    "free" INTEGER NOT NULL,
    "refundMs" BIGINT NOT NULL,
    "countedAtMs" BIGINT NOT NULL,
    "allowedAtMs" BIGINT NOT NULL DEFAULT 0,
    "succeededAtMs" BIGINT,
    "expiresAtMs" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "AttemptLimit_expiresAtMs_idx" ON "AttemptLimit"("expiresAtMs");
