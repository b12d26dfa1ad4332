-- AlterEnum
ALTER TYPE "SecurityEventKind" ADD VALUE 'REFRESH_TOKEN_REPEATED';
ALTER TYPE "SecurityEventKind" ADD VALUE 'REFRESH_TOKEN_SUPERSEDED';

-- AlterTable
ALTER TABLE "Session" ADD COLUMN     "cutAt" TIMESTAMP(3),
ADD COLUMN     "cutGeneration" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "exchangeKeys" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "exchangeKeysGeneration" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "Session_cutAt_idx" ON "Session"("cutAt");
