-- CreateTable
CREATE TABLE "AttemptLimit" (
    "key" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "free" INTEGER NOT NULL,
    "refundMs" BIGINT NOT NULL,
    "countedAtMs" BIGINT NOT NULL,
    "allowedAtMs" BIGINT NOT NULL DEFAULT 0,
    "succeededAtMs" BIGINT,
    "expiresAtMs" BIGINT NOT NULL,

    CONSTRAINT "AttemptLimit_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "AttemptLimit_expiresAtMs_idx" ON "AttemptLimit"("expiresAtMs");
