-- AlterTable
ALTER TABLE "Account" ADD COLUMN "expiredEvents" TEXT;

-- AlterTable
ALTER TABLE "SecurityEvent" ADD COLUMN "mac" TEXT;
ALTER TABLE "SecurityEvent" ADD COLUMN "macKeyId" TEXT;

-- CreateTable
CREATE TABLE "UnknownLogins" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "attempts" BIGINT NOT NULL
);
