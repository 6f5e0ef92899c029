CREATE TABLE stages (id STRING NOT NULL, sort_order INT64);
ALTER TABLE stages ADD COLUMN label STRING;
SELECT id, label FROM stages ORDER BY sort_order;
