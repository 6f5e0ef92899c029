INSERT INTO lead (email, need, size, source, stage) VALUES
    ('ann@x.example', 'less work', 5, 'web', 'inquiry'),
    ('bob@x.example', NULL, 1000, 'event', 'inquiry'),
    ('cyd@x.example', '', NULL, NULL, 'inquiry');
INSERT INTO lead_topics (lead_id, topics) VALUES (1, 'price'), (1, 'speed'), (2, 'speed');
UPDATE lead SET stage = 'nurturing' WHERE id = 2;
UPDATE lead SET confirmed_inquiry_sure = NOT confirmed_inquiry_sure WHERE id = 1;
INSERT INTO deal (lead_id, amount, stage) VALUES (1, 9000, 'talk');
UPDATE deal SET stage = 'offer' WHERE id = 1;
INSERT INTO lead (email, stage) VALUES ('dot@x.example', 'inquiry');
DELETE FROM lead WHERE email = 'dot@x.example';
INSERT INTO ekiden_event (record, record_id, name, occurred_at) VALUES ('lead', 1, 'visit', '2026-01-05T10:00:00Z');
