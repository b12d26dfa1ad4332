-- AlterEnum
ALTER TYPE "OneTimeTokenPurpose" ADD VALUE 'INVITATION';

-- AlterEnum
ALTER TYPE "SecurityEventKind" ADD VALUE 'SESSION_REPORTED';
