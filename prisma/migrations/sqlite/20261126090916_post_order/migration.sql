-- CreateIndex
CREATE INDEX "Post_authorId_status_updatedAt_id_idx" ON "Post"("authorId", "status", "updatedAt", "id");

-- CreateIndex
CREATE INDEX "Post_status_updatedAt_id_idx" ON "Post"("status", "updatedAt", "id");
