-- AlterTable
ALTER TABLE "Session" ADD COLUMN "exchangeKeys" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Session" ADD COLUMN "exchangeKeysGeneration" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Session" ADD COLUMN "cutGeneration" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Session" ADD COLUMN "cutAt" DATETIME;

-- CreateIndex
CREATE INDEX "Session_cutAt_idx" ON "Session"("cutAt");
