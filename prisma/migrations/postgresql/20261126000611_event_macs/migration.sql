-- AlterTable
ALTER TABLE "Account" ADD COLUMN     "expiredEvents" TEXT;

-- AlterTable
ALTER TABLE "SecurityEvent" ADD COLUMN     "mac" TEXT,
ADD COLUMN     "macKeyId" TEXT;

-- CreateTable
CREATE TABLE "UnknownLogins" (
    "id" INTEGER NOT NULL,
    "attempts" BIGINT NOT NULL,

    CONSTRAINT "UnknownLogins_pkey" PRIMARY KEY ("id")
);
