-- What the first release (revision 0001) wrote of one night, as `sqlite3 .dump` gives it: a flood at
-- yellow that is answered, one that was stood down, a dead phone, a channel that failed, a drill, a
-- message nobody can read, a reply nobody understood, a receipt, a closed bridge, findings.
-- Never changed again: every later release must read it.
BEGIN TRANSACTION;
CREATE TABLE acknowledgements (
	id VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	alert VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	severity SMALLINT NOT NULL, 
	word VARCHAR NOT NULL, 
	via VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_acknowledgements PRIMARY KEY (id), 
	CONSTRAINT fk_acknowledgements_alert FOREIGN KEY(alert) REFERENCES alerts (id)
);
INSERT INTO "acknowledgements" VALUES('51e63961-2829-524f-a1e4-3cc9616744a6','yunxi/ACTUAL/','bc832377-736a-5280-92dc-744382ccf4f0','desk-2',2,'received','page','desk-2',1784052600000000);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE alerts (
	id VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	site VARCHAR NOT NULL, 
	hazard VARCHAR NOT NULL, 
	opened_at BIGINT NOT NULL, 
	severity SMALLINT NOT NULL, 
	worst SMALLINT NOT NULL, 
	condition VARCHAR NOT NULL, 
	contributions TEXT NOT NULL, 
	lead TEXT NOT NULL, 
	origin VARCHAR NOT NULL, 
	announced SMALLINT NOT NULL, 
	asked SMALLINT NOT NULL, 
	cleared_at BIGINT, 
	updated_at BIGINT NOT NULL, 
	CONSTRAINT pk_alerts PRIMARY KEY (id)
);
INSERT INTO "alerts" VALUES('fa24ec85-962b-555c-8578-fe1fa028a2a9','yunxi/EXERCISE/autumn-drill','manshui','flood',1784052300000000,2,2,'OVER','[["manshui-level","manshui-level",2,"2026-07-14T18:05:00Z","OVER",94.4,"2026-07-14T18:05:00Z","封控水位",94.3,null,false]]','["manshui-level","manshui-level",2,"2026-07-14T18:05:00Z","OVER",94.4,"2026-07-14T18:05:00Z","封控水位",94.3,null,false]','sensor',2,0,NULL,1784052300000000);
INSERT INTO "alerts" VALUES('7d9aa37f-71a2-59e2-80c1-19856279c17d','yunxi/ACTUAL/','manshui','flood',1784052300000000,2,2,'OVER','[["manshui-level","manshui-level",2,"2026-07-14T18:05:00Z","OVER",94.4,"2026-07-14T18:05:00Z","封控水位",94.3,null,false]]','["manshui-level","manshui-level",2,"2026-07-14T18:05:00Z","OVER",94.4,"2026-07-14T18:05:00Z","封控水位",94.3,null,false]','sensor',2,0,NULL,1784052300000000);
INSERT INTO "alerts" VALUES('bc832377-736a-5280-92dc-744382ccf4f0','yunxi/ACTUAL/','shiqiao','flood',1784052420000000,2,2,'SUSPECT','[["shiqiao-level","shiqiao-level",2,"2026-07-14T18:07:00Z","SUSPECT",86.6,"2026-07-14T18:07:00Z","警戒水位",86.5,1.1999999999999318,false]]','["shiqiao-level","shiqiao-level",2,"2026-07-14T18:07:00Z","SUSPECT",86.6,"2026-07-14T18:07:00Z","警戒水位",86.5,1.1999999999999318,false]','sensor',0,2,NULL,1784052420000000);
CREATE TABLE attempts (
	notification VARCHAR NOT NULL, 
	number SMALLINT NOT NULL, 
	claimed_at BIGINT NOT NULL, 
	lease_until FLOAT, 
	outcome VARCHAR, 
	provider_id VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	blames_person BOOLEAN NOT NULL, 
	recorded_at BIGINT, 
	CONSTRAINT pk_attempts PRIMARY KEY (notification, number), 
	CONSTRAINT fk_attempts_notification FOREIGN KEY(notification) REFERENCES notifications (id)
);
INSERT INTO "attempts" VALUES('eb838306-5827-56b1-8fba-b0492d3af307',1,1784052300000000,NULL,'accepted','eb838306-5827-56b1-8fba-b0492d3af307','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('4ccec24c-eec3-534e-92db-61c500e31937',1,1784052300000000,NULL,'accepted','4ccec24c-eec3-534e-92db-61c500e31937','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('74d83c4b-abac-516a-aca4-57dbda016137',1,1784052300000000,NULL,'accepted','74d83c4b-abac-516a-aca4-57dbda016137','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('16bb2f1c-b80a-52e2-bda3-4aa5809f5698',1,1784052300000000,NULL,'accepted','16bb2f1c-b80a-52e2-bda3-4aa5809f5698','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('e2335530-6715-5136-a529-9096ac554d66',1,1784052300000000,NULL,'accepted','e2335530-6715-5136-a529-9096ac554d66','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('256efbaf-82fa-57be-924e-e81efe24fa3a',1,1784052300000000,NULL,'accepted','256efbaf-82fa-57be-924e-e81efe24fa3a','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('40028ede-2934-581c-a9c4-d69d2eca0517',1,1784052300000000,NULL,'accepted','40028ede-2934-581c-a9c4-d69d2eca0517','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('a20d1b6c-817d-5583-a71e-1ad68c4b28c1',1,1784052300000000,NULL,'accepted','a20d1b6c-817d-5583-a71e-1ad68c4b28c1','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('a63de08a-22b8-51ab-b65a-96ad0b64327f',1,1784052300000000,NULL,'accepted','a63de08a-22b8-51ab-b65a-96ad0b64327f','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('a66e6490-9aec-566c-95f2-ea5b174b121a',1,1784052300000000,NULL,'accepted','a66e6490-9aec-566c-95f2-ea5b174b121a','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('b4801c0e-2627-5fa5-a425-fecb88b72841',1,1784052300000000,NULL,'accepted','b4801c0e-2627-5fa5-a425-fecb88b72841','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('c10ce145-13f7-5b00-a7e5-c8eb9ec4fd61',1,1784052300000000,NULL,'accepted','c10ce145-13f7-5b00-a7e5-c8eb9ec4fd61','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('ca84c57f-6f5e-5a1d-bf6e-4984726728d2',1,1784052300000000,NULL,'accepted','ca84c57f-6f5e-5a1d-bf6e-4984726728d2','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('503abe98-968d-5c3c-a5a6-b192b768d0b8',1,1784052300000000,NULL,'refused','','通道失败',0,1784052300000000);
INSERT INTO "attempts" VALUES('8e4485be-df6a-5c7d-9674-d1ad7020cf28',1,1784052300000000,NULL,'refused','','通道失败',0,1784052300000000);
INSERT INTO "attempts" VALUES('f027469f-0224-5542-b32c-c8d2dcf0972e',1,1784052300000000,NULL,'accepted','f027469f-0224-5542-b32c-c8d2dcf0972e','OK',0,1784052300000000);
INSERT INTO "attempts" VALUES('4f676b2e-6848-55b3-9258-9939ca8d9b87',1,1784052420000000,NULL,'accepted','4f676b2e-6848-55b3-9258-9939ca8d9b87','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('0b34e977-cf99-5578-9613-58c2882976d5',1,1784052420000000,NULL,'accepted','0b34e977-cf99-5578-9613-58c2882976d5','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('2962502f-478c-5277-8ea1-30d93c858302',1,1784052420000000,NULL,'accepted','2962502f-478c-5277-8ea1-30d93c858302','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('37759341-9236-5448-b734-df1cc13dcd48',1,1784052420000000,NULL,'accepted','37759341-9236-5448-b734-df1cc13dcd48','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('490105d9-0452-5703-9f80-44edf6e86b37',1,1784052420000000,NULL,'accepted','490105d9-0452-5703-9f80-44edf6e86b37','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('5b21b513-d5d1-5333-9641-d1854d8e9ceb',1,1784052420000000,NULL,'accepted','5b21b513-d5d1-5333-9641-d1854d8e9ceb','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('64fac39d-b301-5362-b818-e7f82aaa0ee2',1,1784052420000000,NULL,'accepted','64fac39d-b301-5362-b818-e7f82aaa0ee2','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('ae200940-fb15-565d-8c1d-2dfdd1025741',1,1784052420000000,NULL,'accepted','ae200940-fb15-565d-8c1d-2dfdd1025741','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('c58c7ab2-96ad-5d55-ad8d-1ccfe7e000fb',1,1784052420000000,NULL,'accepted','c58c7ab2-96ad-5d55-ad8d-1ccfe7e000fb','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('2bd2d8bc-c98e-5f27-8ff1-e55b4daf7200',1,1784052420000000,NULL,'refused','','通道失败',0,1784052420000000);
INSERT INTO "attempts" VALUES('2f6107f9-5662-5d62-8376-0bba7f7587ed',1,1784052420000000,NULL,'refused','','通道失败',0,1784052420000000);
INSERT INTO "attempts" VALUES('531ae26f-8fa7-5c03-a1a1-86e6ed690877',1,1784052420000000,NULL,'refused','','通道失败',0,1784052420000000);
INSERT INTO "attempts" VALUES('56e241b1-9ded-53a1-bd81-b6bfb32de0c4',1,1784052420000000,NULL,'refused','','通道失败',0,1784052420000000);
INSERT INTO "attempts" VALUES('d7190bdd-b76d-59cb-9282-d7188177ec07',1,1784052420000000,NULL,'accepted','d7190bdd-b76d-59cb-9282-d7188177ec07','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('41c9edf2-c124-5ea0-8735-76c270e471b1',1,1784052420000000,NULL,'accepted','41c9edf2-c124-5ea0-8735-76c270e471b1','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('4ad477e2-df81-5c68-a4f1-8cb6df540b2f',1,1784052420000000,NULL,'accepted','4ad477e2-df81-5c68-a4f1-8cb6df540b2f','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('c95dfac4-8c28-5bec-a4e9-39b13a7f85c7',1,1784052420000000,NULL,'accepted','c95dfac4-8c28-5bec-a4e9-39b13a7f85c7','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('faffc497-0337-5d63-8262-bd6efac09a33',1,1784052420000000,NULL,'accepted','faffc497-0337-5d63-8262-bd6efac09a33','OK',0,1784052420000000);
INSERT INTO "attempts" VALUES('0fb97629-d00d-563d-bdf3-dea715a7e34e',1,1784052420000000,NULL,'refused','','通道失败',0,1784052420000000);
INSERT INTO "attempts" VALUES('4cfae0aa-5ad9-5124-b21c-42c500bc1244',1,1784052420000000,NULL,'refused','','通道失败',0,1784052420000000);
CREATE TABLE closed_sites (
	scope VARCHAR NOT NULL, 
	site VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_closed_sites PRIMARY KEY (scope, site)
);
INSERT INTO "closed_sites" VALUES('yunxi/ACTUAL/','manshui','desk-2',1784052600000000);
CREATE TABLE escalations (
	id VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	alert VARCHAR NOT NULL, 
	severity SMALLINT NOT NULL, 
	opened_at BIGINT NOT NULL, 
	code VARCHAR NOT NULL, 
	no_code VARCHAR NOT NULL, 
	CONSTRAINT pk_escalations PRIMARY KEY (id), 
	CONSTRAINT fk_escalations_alert FOREIGN KEY(alert) REFERENCES alerts (id)
);
INSERT INTO "escalations" VALUES('c865d7d2-9887-5bc5-b8b6-56d179e94684','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',2,1784052300000000,'357','');
INSERT INTO "escalations" VALUES('ee5273f0-a5f4-598d-96c1-f42a1e0114e7','yunxi/ACTUAL/','bc832377-736a-5280-92dc-744382ccf4f0',2,1784052420000000,'880','727');
CREATE TABLE findings (
	scope VARCHAR NOT NULL, 
	"check" VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	period VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	use VARCHAR NOT NULL, 
	variables JSON NOT NULL, 
	text TEXT NOT NULL, 
	due DATE NOT NULL, 
	urgent BOOLEAN NOT NULL, 
	opened_at BIGINT NOT NULL, 
	told_at BIGINT, 
	closed_at BIGINT, 
	CONSTRAINT pk_findings PRIMARY KEY (scope, "check", subject, period)
);
INSERT INTO "findings" VALUES('yunxi/ACTUAL/','sensor_doubtful','shiqiao-level','','water-office','findings','{"kind": "测站异常"}','石桥站水位计数值超出量程，请检修','2026-07-18',0,1784052600000000,1784052600000000,NULL);
INSERT INTO "findings" VALUES('yunxi/ACTUAL/','sensor_unknown','nobody-knows','','duty-officer','findings','{"kind": "未登记设备"}','未登记的设备“nobody-knows”一天内来了1条数据，请登记或核对编号','2026-07-18',0,1784052600000000,1784052600000000,NULL);
INSERT INTO "findings" VALUES('yunxi/ACTUAL/','drill_due','longtan-2025','2026-03-10','water-office','drill_missed','{"kind": "演练到期", "period": "近12个月", "risk": "龙潭水库防汛抢险", "duty": "水利站", "due": "7月22日"}','《龙潭水库防汛抢险应急预案（示例）》须在2026-03-10前演练，还没有记录','2026-07-22',0,1784052600000000,1784052600000000,NULL);
INSERT INTO "findings" VALUES('yunxi/ACTUAL/','drill_due','health-2025','2026-06-01','clinic','drill_missed','{"kind": "演练到期", "period": "近12个月", "risk": "突发公共卫生事件", "duty": "卫生院", "due": "7月22日"}','《云溪镇突发公共卫生事件应急预案（示例）》须在2026-06-01前演练，还没有记录','2026-07-22',0,1784052600000000,1784052600000000,NULL);
CREATE TABLE journal (
	scope VARCHAR NOT NULL, 
	seq INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	event VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	digest VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	CONSTRAINT pk_journal PRIMARY KEY (scope, seq), 
	CONSTRAINT uq_journal_scope_digest UNIQUE (scope, digest)
);
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',1,1784052300000000,'alert.raised','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"alert.raised","facts":{"basis":"封控水位","before":"NORMAL","condition":"OVER","hazard":"flood","observed_at":"2026-07-14T18:05:00+00:00","rule":"manshui-level","sensor":"manshui-level","severity":"YELLOW","site":"manshui","told":true,"value":94.4},"person":null,"scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','e6d5db32e980bba767439af5d87948880f2404120d194494d9a23fb64941ec20','e6d5db32e980bba767439af5d87948880f2404120d194494d9a23fb64941ec20');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',2,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"patrol-manshui","reason":"not on the drill''s list"},"person":"closure-a","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','b09435a020b32315726ea43ae7204369356bc722f3ceedd956c520e75ececc58','9ca4881adbbafd65f0dbaeba95b2ad70fae0910217ba57007444cec0e268da5d');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',3,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"patrol-manshui","reason":"not on the drill''s list"},"person":"closure-b","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','68b6341358fcb14b83a03c660e2303c4b445f02206441ab98aa68282fd1f35b2','aad7bc2c0f9c674fce684d4570bac8d780542a524c95c45478635256393363bc');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',4,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"duty-officer","reason":"not on the drill''s list"},"person":"desk-3","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','cae814803ac54bb4e4aa65df9c3db610001343be06dd0b464bf34a3a0249eb5f','ce6aed85f32ca2fe868edb13516b1a6c39bdaaf05e93375fb0da9ec4c036c33c');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',5,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"head-qiaotou","reason":"not on the drill''s list"},"person":"grid-qiaotou","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','e060080ec456d8751b2f4dcb0eccb69e9b05d7b95fbeda6d94be0488c7e9cfce','f2a23c8d9cc95c2bff12601403addc322c19233280ba61f9801908555b4d01e3');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',6,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"grid-qiaotou","reason":"not on the drill''s list"},"person":"grid-qiaotou","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','dc7c2fb76bf8da588b4cd64f8a9f6708f76c466255644a5c53dbd0094d2280a4','49d93a4d30d451de30994e87cfdbe69100d7550fc77ffdd283d23e9e730fee85');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',7,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"cadre-qiaotou","reason":"not on the drill''s list"},"person":"cadre-qiaotou","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','ff6cae27109158355bdb07b06e990f53ead14408f5509f4fac1cd6939fa988b3','854148ed368a01dfc42f284e25d09c36d67b383a20b5acf4bbadee1e8620b064');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',8,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"closure-east","reason":"not on the drill''s list"},"person":"closure-a","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','25d4378f9a14d58a0bfac9dc62c9a8739c41f05034f0a6d494c504e1964193bf','3cd2c5f76b6d7bae4cb29c895e7ae8cfa7b207a858de618d74f98f9129a082e3');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',9,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"closure-east","reason":"not on the drill''s list"},"person":"closure-b","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','9a29098b83e9433c339f32cc404545713dffdbe1d5298037473685c1876a3f85','f572fe5f314b7474d012c4569c7cb1936ae27902c123722fb77b8192b8ef2895');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',10,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"closure-west","reason":"not on the drill''s list"},"person":"closure-b","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','91e1fe3d3d76404eab1ef4605227e145c9f15fee1e26457f8ecf3430cba381b7','7aeddc3f2fa60e17ed7fd7242b9ec182cf22ed00449cd9a5bca9e03882b414e4');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',11,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"closure-west","reason":"not on the drill''s list"},"person":"closure-a","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','99b87461d993477d62e0df93287bdca5c62532d64d83d1aa85d747d54f3e9976','5a75591c9c601bcc430437a6cdce1d0b9033a00c01971bd3cfc098a4492876de');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',12,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"leader-on-duty","reason":"not on the drill''s list"},"person":"area-west","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','f9763b9ea7ad89d0f80a87cae819c63cc952a0c5e4e3270840cc2055d2ca8a54','4009c7bced189f539805babb8cf05aa13a223d555c83b0307a087eec14c69a43');
INSERT INTO "journal" VALUES('yunxi/EXERCISE/autumn-drill',13,1784052300000000,'route.not_told','fa24ec85-962b-555c-8578-fe1fa028a2a9','{"at":"2026-07-14T18:05:00.000000+00:00","event":"route.not_told","facts":{"duty":"deputy-mayor","reason":"not on the drill''s list"},"person":"deputy-mayor","scope":["yunxi","EXERCISE","autumn-drill"],"subject":"fa24ec85-962b-555c-8578-fe1fa028a2a9","v":1}','0d4ab31021ab76833913c2d764bbb50b06cc7a2d5a47affd43122ff9a537a212','9f99f8a0598a3fbb2302936f8d62c4f7b8455a7bc076f607783e90866f666469');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',1,1784052300000000,'alert.raised','7d9aa37f-71a2-59e2-80c1-19856279c17d','{"at":"2026-07-14T18:05:00.000000+00:00","event":"alert.raised","facts":{"basis":"封控水位","before":"NORMAL","condition":"OVER","hazard":"flood","observed_at":"2026-07-14T18:05:00+00:00","rule":"manshui-level","sensor":"manshui-level","severity":"YELLOW","site":"manshui","told":true,"value":94.4},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"7d9aa37f-71a2-59e2-80c1-19856279c17d","v":1}','ae942886b806c01c0a2249f24beb5fe4a9e02bff6049e9b70249498ca1b54265','ae942886b806c01c0a2249f24beb5fe4a9e02bff6049e9b70249498ca1b54265');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',2,1784052300000000,'call.step','7d9aa37f-71a2-59e2-80c1-19856279c17d','{"at":"2026-07-14T18:05:00.000000+00:00","event":"call.step","facts":{"duty":"patrol-manshui","ladder":"84f43fb0-31bb-57f3-bd80-2a886e3c14ce","round":1,"step":0},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"7d9aa37f-71a2-59e2-80c1-19856279c17d","v":1}','f063e494431f41d4c9559f47898fdc50992b57f0b094877275483895685f6f50','683dcbd9d2f5b6eb5b29bf2538dd933608cad0c27ddb16232d8781af066c7721');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',3,1784052420000000,'order.call_ended','manshui','{"at":"2026-07-14T18:07:00.000000+00:00","event":"order.call_ended","facts":{"hazard":"flood","site":"manshui"},"person":"area-west","scope":["yunxi","ACTUAL",""],"subject":"manshui","v":1}','26273f42f1bc4910236b3550e3c7309c8e65a83efeef49c8fb06af73031db994','44bf5e2870084f5dd858c66998462bfa3b71366ef1dcd79b06f18fdf79fbb8d5');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',4,1784052420000000,'alert.stood_down','7d9aa37f-71a2-59e2-80c1-19856279c17d','{"at":"2026-07-14T18:07:00.000000+00:00","event":"alert.stood_down","facts":{"severity":"YELLOW"},"person":"area-west","scope":["yunxi","ACTUAL",""],"subject":"7d9aa37f-71a2-59e2-80c1-19856279c17d","v":1}','0b21b13e6134d1e08251301c860b4c790b46377f1481dbb95f570cc5e2f40a40','243d5f208c480c9df93d495f4db5bed17bc79f2422f415eb01b018d4bd82871e');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',5,1784052420000000,'call.cancelled','7d9aa37f-71a2-59e2-80c1-19856279c17d','{"at":"2026-07-14T18:07:00.000000+00:00","event":"call.cancelled","facts":{"duty":"patrol-manshui","ladder":"84f43fb0-31bb-57f3-bd80-2a886e3c14ce","reason":"stood down by area-west"},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"7d9aa37f-71a2-59e2-80c1-19856279c17d","v":1}','4bc6f00b527289a61402ab1a212b137b4658efc3aa2f62d1a82c51f051a8ec0b','ece3fc47e9e6282d3d54773ddc883a1fad52cb98fd17c45dc2cb156032928697');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',6,1784052420000000,'alert.raised','bc832377-736a-5280-92dc-744382ccf4f0','{"at":"2026-07-14T18:07:00.000000+00:00","event":"alert.raised","facts":{"basis":"警戒水位","before":"NORMAL","condition":"SUSPECT","hazard":"flood","observed_at":"2026-07-14T18:07:00+00:00","rule":"shiqiao-level","sensor":"shiqiao-level","severity":"YELLOW","site":"shiqiao","told":true,"value":86.6},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"bc832377-736a-5280-92dc-744382ccf4f0","v":1}','e82ffcf858fb9f7e38cba40a60e047c32522e62038420fb139edab2bdde90388','1f60b6abd6e0dbef6cdea8e701856908f3ab0e24fe3a706d62380f38f6907cc2');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',7,1784052420000000,'call.step','bc832377-736a-5280-92dc-744382ccf4f0','{"at":"2026-07-14T18:07:00.000000+00:00","event":"call.step","facts":{"duty":"duty-officer","ladder":"06bf2f96-9b41-526a-b4e2-c32ab2616bd1","round":1,"step":0},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"bc832377-736a-5280-92dc-744382ccf4f0","v":1}','99297210df6cf02d78ef1570ae7988c31b0122b8a421cd7609c1b20b8c5e3dee','21129f8df31744dfaa5de0b24107f56c20e3be2c64d1773b03e834c63f8d7737');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',8,1784052420000000,'call.step','bc832377-736a-5280-92dc-744382ccf4f0','{"at":"2026-07-14T18:07:00.000000+00:00","event":"call.step","facts":{"duty":"patrol-shiqiao","ladder":"72a52c50-a161-5c00-9c68-84b6a4bce417","round":1,"step":0},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"bc832377-736a-5280-92dc-744382ccf4f0","v":1}','8b7f9c928c6a6975130c12890cf1cab4295cd33ddeca45f0168124bd5ad8287a','17bd1abed0db0eb1a5f645ec2caad17c7521ffc6db72db176e5510357321b719');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',9,1784052600000000,'answer','bc832377-736a-5280-92dc-744382ccf4f0','{"at":"2026-07-14T18:10:00.000000+00:00","event":"answer","facts":{"by":"desk-2","severity":"YELLOW","via":"page","word":"received"},"person":"desk-2","scope":["yunxi","ACTUAL",""],"subject":"bc832377-736a-5280-92dc-744382ccf4f0","v":1}','7347f572c18982f694ab89d8f34819ca14469ac7c9bd6c9573cdcc9003aabd74','977d3f5c327e94f24fa2af02cdbab073fbd81427b714823c9a1d7aafdd9238e3');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',10,1784052600000000,'call.held','bc832377-736a-5280-92dc-744382ccf4f0','{"at":"2026-07-14T18:10:00.000000+00:00","event":"call.held","facts":{"duty":"duty-officer","ladder":"06bf2f96-9b41-526a-b4e2-c32ab2616bd1","reason":"desk-2"},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"bc832377-736a-5280-92dc-744382ccf4f0","v":1}','ccafda55de8de4eda84a505df9c569c3ead572fffae63748c68e9b02260634e5','eba30d6af6df903138577722d6f24aedeca230a75d091ef94187300a4df9fcb6');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',11,1784052600000000,'call.held','bc832377-736a-5280-92dc-744382ccf4f0','{"at":"2026-07-14T18:10:00.000000+00:00","event":"call.held","facts":{"duty":"patrol-shiqiao","ladder":"72a52c50-a161-5c00-9c68-84b6a4bce417","reason":"desk-2"},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"bc832377-736a-5280-92dc-744382ccf4f0","v":1}','78932e6305d8830d3ffba856109a8734d5491575097d4d2345f7553dcf85c948','7d0beb240936595cf2f0dd2920d19ce3e8c6ad066060f5472916d5cf1da603dd');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',12,1784052600000000,'order.site_closed','manshui','{"at":"2026-07-14T18:10:00.000000+00:00","event":"order.site_closed","facts":{"closed":true,"site":"manshui"},"person":"desk-2","scope":["yunxi","ACTUAL",""],"subject":"manshui","v":1}','00261ec9b414ee235a2c615747e2c231d6e6a0c6ee452c3537b8e0fc11bd0672','c8db6cc2b698f2001d60ccf42e5c435f316d66de32ddb082e7b70fb84156cf13');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',13,1784052600000000,'readiness.first_sweep','readiness','{"at":"2026-07-14T18:10:00.000000+00:00","event":"readiness.first_sweep","facts":{},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"readiness","v":1}','337713a5a7cf31b66b74f87c34cb19d3da7194c8b72e557d122f48d00bbb4642','75eb692b2bec04a1a1bdc97f375302ec3dbc03ddbf0e0c176439750bde857891');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',14,1784052600000000,'finding.opened','drill_due/longtan-2025/2026-03-10','{"at":"2026-07-14T18:10:00.000000+00:00","event":"finding.opened","facts":{"owner":"water-office","urgent":false},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"drill_due/longtan-2025/2026-03-10","v":1}','3723d86e750d48ec7a28664395c2351ca359119322ed2c90e46259ae8a4171f0','33edad17bf48dd6081e446a463c8bd1a2342e5aa66f74c062aed27b82ab134d1');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',15,1784052600000000,'finding.opened','drill_due/health-2025/2026-06-01','{"at":"2026-07-14T18:10:00.000000+00:00","event":"finding.opened","facts":{"owner":"clinic","urgent":false},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"drill_due/health-2025/2026-06-01","v":1}','ce6b04a8716699d7ab5238d6a052744f445fb6b5c20c1e4ee2cb4f289e10d220','f2c00cf315a30739db1e85574c70203ff1411f56a98dfdef3acb5c73141e96fa');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',16,1784052600000000,'finding.opened','sensor_doubtful/shiqiao-level/','{"at":"2026-07-14T18:10:00.000000+00:00","event":"finding.opened","facts":{"owner":"water-office","urgent":false},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"sensor_doubtful/shiqiao-level/","v":1}','57ef1e9ac1f7d155ae28d61bc86abfef30edc5cf4ab7d05373c555002aadbb0e','f272a57f80eab563ce39f08d09a94957de090824d97d4fedb0aa593a7d43e12e');
INSERT INTO "journal" VALUES('yunxi/ACTUAL/',17,1784052600000000,'finding.opened','sensor_unknown/nobody-knows/','{"at":"2026-07-14T18:10:00.000000+00:00","event":"finding.opened","facts":{"owner":"duty-officer","urgent":false},"person":null,"scope":["yunxi","ACTUAL",""],"subject":"sensor_unknown/nobody-knows/","v":1}','1790e9e9bf20b5228f0f0c9e4e08f3916974e696f2e8933923e4a9334ddd4ea1','42bec55c4bd0fd95344a955e9b1fa11f6f902c85e371d7d50cd85d56a7048b09');
CREATE TABLE ladders (
	id VARCHAR NOT NULL, 
	escalation VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	alert VARCHAR NOT NULL, 
	severity SMALLINT NOT NULL, 
	state VARCHAR NOT NULL, 
	due_at BIGINT NOT NULL, 
	snapshot TEXT NOT NULL, 
	CONSTRAINT pk_ladders PRIMARY KEY (id), 
	CONSTRAINT fk_ladders_escalation FOREIGN KEY(escalation) REFERENCES escalations (id), 
	CONSTRAINT fk_ladders_alert FOREIGN KEY(alert) REFERENCES alerts (id)
);
INSERT INTO "ladders" VALUES('84f43fb0-31bb-57f3-bd80-2a886e3c14ce','c865d7d2-9887-5bc5-b8b6-56d179e94684','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',2,'CANCELLED',1784053200000000,'{"id":"84f43fb0-31bb-57f3-bd80-2a886e3c14ce","escalation":"c865d7d2-9887-5bc5-b8b6-56d179e94684","scope":["yunxi","ACTUAL",""],"alert":"7d9aa37f-71a2-59e2-80c1-19856279c17d","severity":2,"duty":"patrol-manshui","steps":[["patrol-manshui","漫水桥巡查责任人",[["closure-a","漫水桥东头封控责任人（示例）","sms","sms","13800000034"]],"PT15M",["closure-b","closure-a"]],["head-qiaotou","桥头村村级责任人",[["head-qiaotou","桥头村村级责任人（示例）","sms","sms","13800000023"],["closure-b","漫水桥西头封控责任人（示例）","sms","sms","13800000035"]],"PT15M",["grid-qiaotou","head-qiaotou"]],["cadre-qiaotou","桥头村包村干部",[["cadre-qiaotou","桥头村包村干部（示例）","sms","sms","13800000017"],["grid-qiaotou","桥头村网格员（示例）","sms","sms","13800000029"]],"PT15M",["cadre-qiaotou"]]],"state":"CANCELLED","step":0,"round":1,"due_at":"2026-07-14T18:20:00Z","opened_at":"2026-07-14T18:05:00Z","reason":"stood down by area-west","called_at":["2026-07-14T18:05:00Z"],"redial":true,"rounds":2}');
INSERT INTO "ladders" VALUES('06bf2f96-9b41-526a-b4e2-c32ab2616bd1','ee5273f0-a5f4-598d-96c1-f42a1e0114e7','yunxi/ACTUAL/','bc832377-736a-5280-92dc-744382ccf4f0',2,'HELD',1784054220000000,'{"id":"06bf2f96-9b41-526a-b4e2-c32ab2616bd1","escalation":"ee5273f0-a5f4-598d-96c1-f42a1e0114e7","scope":["yunxi","ACTUAL",""],"alert":"bc832377-736a-5280-92dc-744382ccf4f0","severity":2,"duty":"duty-officer","steps":[["duty-officer","值班员",[["desk-2","值班员乙（示例）","sms","sms","13800000002"],["desk-2","值班员乙（示例）","wechat","wechat","desk-2"],["desk-3","值班员丙（示例）","sms","sms","13800000003"],["desk-3","值班员丙（示例）","wechat","wechat","desk-3"],["duty_officer","值班室","desk","desk","desk"]],"PT30M",["duty_officer","head-shiqiao","desk-3","grid-shiqiao","desk-2"]],["head-shiqiao","石桥村村级责任人",[["head-shiqiao","石桥村村级责任人（示例）","sms","sms","13800000025"]],"PT30M",["grid-shiqiao","head-shiqiao"]],["cadre-shiqiao","石桥村包村干部",[["cadre-shiqiao","石桥村包村干部（示例）","sms","sms","13800000019"],["grid-shiqiao","石桥村网格员（示例）","sms","sms","13800000031"]],"PT30M",["cadre-shiqiao"]]],"state":"HELD","step":0,"round":1,"due_at":"2026-07-14T18:37:00Z","opened_at":"2026-07-14T18:07:00Z","reason":"desk-2","called_at":["2026-07-14T18:07:00Z"],"redial":true,"rounds":2}');
INSERT INTO "ladders" VALUES('72a52c50-a161-5c00-9c68-84b6a4bce417','ee5273f0-a5f4-598d-96c1-f42a1e0114e7','yunxi/ACTUAL/','bc832377-736a-5280-92dc-744382ccf4f0',2,'HELD',1784054220000000,'{"id":"72a52c50-a161-5c00-9c68-84b6a4bce417","escalation":"ee5273f0-a5f4-598d-96c1-f42a1e0114e7","scope":["yunxi","ACTUAL",""],"alert":"bc832377-736a-5280-92dc-744382ccf4f0","severity":2,"duty":"patrol-shiqiao","steps":[["patrol-shiqiao","石桥站巡查责任人",[["grid-shiqiao","石桥村网格员（示例）","sms","sms","13800000031"]],"PT30M",["duty_officer","head-shiqiao","desk-3","grid-shiqiao","desk-2"]],["head-shiqiao","石桥村村级责任人",[["head-shiqiao","石桥村村级责任人（示例）","sms","sms","13800000025"]],"PT30M",["grid-shiqiao","head-shiqiao"]],["cadre-shiqiao","石桥村包村干部",[["cadre-shiqiao","石桥村包村干部（示例）","sms","sms","13800000019"]],"PT30M",["cadre-shiqiao"]]],"state":"HELD","step":0,"round":1,"due_at":"2026-07-14T18:37:00Z","opened_at":"2026-07-14T18:07:00Z","reason":"desk-2","called_at":["2026-07-14T18:07:00Z"],"redial":true,"rounds":2}');
CREATE TABLE meta (
	name VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('last probe','2026-07-14T18:10:00+00:00');
CREATE TABLE notifications (
	id VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	ladder VARCHAR, 
	person VARCHAR NOT NULL, 
	duty VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	use VARCHAR NOT NULL, 
	variables JSON NOT NULL, 
	text TEXT NOT NULL, 
	code VARCHAR NOT NULL, 
	severity SMALLINT NOT NULL, 
	step SMALLINT NOT NULL, 
	round SMALLINT NOT NULL, 
	created_at BIGINT NOT NULL, 
	due_at BIGINT NOT NULL, 
	if_standing BOOLEAN NOT NULL, 
	state VARCHAR NOT NULL, 
	next_at BIGINT NOT NULL, 
	reason VARCHAR NOT NULL, 
	withdrawn VARCHAR NOT NULL, 
	CONSTRAINT pk_notifications PRIMARY KEY (id)
);
INSERT INTO "notifications" VALUES('eb838306-5827-56b1-8fba-b0492d3af307','yunxi/EXERCISE/autumn-drill','fa24ec85-962b-555c-8578-fe1fa028a2a9',NULL,'duty_officer','duty_officer','desk','desk','drill_tell','{"sev": "黄", "site": "漫水桥", "time": "02:05", "level": "94.40"}','【云溪镇政府】演练！黄级叫应：漫水桥，02:05模拟水位94.40米。请按方案行动，不用回复。以上为演练','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('4ccec24c-eec3-534e-92db-61c500e31937','yunxi/EXERCISE/autumn-drill','fa24ec85-962b-555c-8578-fe1fa028a2a9',NULL,'desk-2','duty-officer','sms','13800000002','drill_tell','{"sev": "黄", "site": "漫水桥", "time": "02:05", "level": "94.40"}','【云溪镇政府】演练！黄级叫应：漫水桥，02:05模拟水位94.40米。请按方案行动，不用回复。以上为演练','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('16bb2f1c-b80a-52e2-bda3-4aa5809f5698','yunxi/EXERCISE/autumn-drill','fa24ec85-962b-555c-8578-fe1fa028a2a9',NULL,'desk-2','duty-officer','wechat','desk-2','drill_tell','{"sev": "黄", "site": "漫水桥", "time": "02:05", "level": "94.40"}','【云溪镇政府】演练！黄级叫应：漫水桥，02:05模拟水位94.40米。请按方案行动，不用回复。以上为演练','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('74d83c4b-abac-516a-aca4-57dbda016137','yunxi/EXERCISE/autumn-drill','fa24ec85-962b-555c-8578-fe1fa028a2a9',NULL,'head-qiaotou','head-qiaotou','sms','13800000023','drill_tell','{"sev": "黄", "site": "漫水桥", "time": "02:05", "level": "94.40"}','【云溪镇政府】演练！黄级叫应：漫水桥，02:05模拟水位94.40米。请按方案行动，不用回复。以上为演练','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('e2335530-6715-5136-a529-9096ac554d66','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'duty_officer','duty_officer','desk','desk','yellow_tell','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，不用回复。','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('40028ede-2934-581c-a9c4-d69d2eca0517','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d','84f43fb0-31bb-57f3-bd80-2a886e3c14ce','closure-a','patrol-manshui','sms','13800000034','yellow','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10", "code": "357"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，收到回357。','357',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('a63de08a-22b8-51ab-b65a-96ad0b64327f','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'desk-2','duty-officer','sms','13800000002','yellow_tell','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，不用回复。','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('503abe98-968d-5c3c-a5a6-b192b768d0b8','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'desk-2','duty-officer','wechat','desk-2','yellow_tell','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，不用回复。','',2,0,1,1784052300000000,1784052300000000,0,'failed',1784052300000000,'通道失败','');
INSERT INTO "notifications" VALUES('a20d1b6c-817d-5583-a71e-1ad68c4b28c1','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'desk-3','duty-officer','sms','13800000003','yellow_tell','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，不用回复。','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('8e4485be-df6a-5c7d-9674-d1ad7020cf28','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'desk-3','duty-officer','wechat','desk-3','yellow_tell','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，不用回复。','',2,0,1,1784052300000000,1784052300000000,0,'failed',1784052300000000,'通道失败','');
INSERT INTO "notifications" VALUES('ca84c57f-6f5e-5a1d-bf6e-4984726728d2','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'head-qiaotou','head-qiaotou','sms','13800000023','yellow_tell','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，不用回复。','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('f027469f-0224-5542-b32c-c8d2dcf0972e','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'grid-qiaotou','grid-qiaotou','sms','13800000029','yellow_tell','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，不用回复。','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('256efbaf-82fa-57be-924e-e81efe24fa3a','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'cadre-qiaotou','cadre-qiaotou','sms','13800000017','yellow_tell','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，不用回复。','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('c10ce145-13f7-5b00-a7e5-c8eb9ec4fd61','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'closure-b','closure-west','sms','13800000035','yellow_tell','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，不用回复。','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('a66e6490-9aec-566c-95f2-ea5b174b121a','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'area-west','leader-on-duty','sms','13800000009','yellow_tell','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，不用回复。','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('b4801c0e-2627-5fa5-a425-fecb88b72841','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'deputy-mayor','deputy-mayor','sms','13800000007','yellow_tell','{"site": "漫水桥", "time": "02:05", "level": "94.40", "over": "0.10"}','【云溪镇政府】黄级叫应：漫水桥，02:05水位94.40米，超警戒0.10米。请到岗巡查，桥面过水即封路，不用回复。','',2,0,1,1784052300000000,1784052300000000,0,'accepted',1784052300000000,'OK','');
INSERT INTO "notifications" VALUES('4f676b2e-6848-55b3-9258-9939ca8d9b87','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'duty_officer','','desk','desk','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('64fac39d-b301-5362-b818-e7f82aaa0ee2','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'cadre-qiaotou','','sms','13800000017','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('0b34e977-cf99-5578-9613-58c2882976d5','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'closure-a','','sms','13800000034','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('d7190bdd-b76d-59cb-9282-d7188177ec07','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'desk-2','','sms','13800000002','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('2f6107f9-5662-5d62-8376-0bba7f7587ed','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'desk-2','','wechat','desk-2','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'failed',1784052420000000,'通道失败','');
INSERT INTO "notifications" VALUES('2962502f-478c-5277-8ea1-30d93c858302','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'desk-3','','sms','13800000003','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('56e241b1-9ded-53a1-bd81-b6bfb32de0c4','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'desk-3','','wechat','desk-3','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'failed',1784052420000000,'通道失败','');
INSERT INTO "notifications" VALUES('ae200940-fb15-565d-8c1d-2dfdd1025741','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'area-west','','sms','13800000009','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('2bd2d8bc-c98e-5f27-8ff1-e55b4daf7200','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'area-west','','wechat','area-west','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'failed',1784052420000000,'通道失败','');
INSERT INTO "notifications" VALUES('5b21b513-d5d1-5333-9641-d1854d8e9ceb','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'deputy-mayor','','sms','13800000007','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('531ae26f-8fa7-5c03-a1a1-86e6ed690877','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'deputy-mayor','','wechat','deputy-mayor','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'failed',1784052420000000,'通道失败','');
INSERT INTO "notifications" VALUES('c58c7ab2-96ad-5d55-ad8d-1ccfe7e000fb','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'closure-b','','sms','13800000035','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('490105d9-0452-5703-9f80-44edf6e86b37','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'head-qiaotou','','sms','13800000023','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('37759341-9236-5448-b734-df1cc13dcd48','yunxi/ACTUAL/','7d9aa37f-71a2-59e2-80c1-19856279c17d',NULL,'grid-qiaotou','','sms','13800000029','stand_down','{"site": "漫水桥", "time": "02:07", "leader": "西片包村领导（示例）", "sev": "黄", "code": "287"}','【云溪镇政府】处置解除：漫水桥，02:07经西片包村领导（示例）同意解除黄级处置。查房查路、清点人数后返回，收到回287。','287',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('41c9edf2-c124-5ea0-8735-76c270e471b1','yunxi/ACTUAL/','bc832377-736a-5280-92dc-744382ccf4f0','06bf2f96-9b41-526a-b4e2-c32ab2616bd1','duty_officer','duty_officer','desk','desk','suspect','{"site": "石桥站", "time": "02:07", "level": "86.60", "yes": "880", "no": "727"}','【云溪镇政府】数据存疑：石桥站，02:07读数86.60米，疑设备故障。请先看视频或问村里，属实回880，误报回727。','880',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('c95dfac4-8c28-5bec-a4e9-39b13a7f85c7','yunxi/ACTUAL/','bc832377-736a-5280-92dc-744382ccf4f0','06bf2f96-9b41-526a-b4e2-c32ab2616bd1','desk-2','duty-officer','sms','13800000002','suspect','{"site": "石桥站", "time": "02:07", "level": "86.60", "yes": "880", "no": "727"}','【云溪镇政府】数据存疑：石桥站，02:07读数86.60米，疑设备故障。请先看视频或问村里，属实回880，误报回727。','880',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('0fb97629-d00d-563d-bdf3-dea715a7e34e','yunxi/ACTUAL/','bc832377-736a-5280-92dc-744382ccf4f0','06bf2f96-9b41-526a-b4e2-c32ab2616bd1','desk-2','duty-officer','wechat','desk-2','suspect','{"site": "石桥站", "time": "02:07", "level": "86.60", "yes": "880", "no": "727"}','【云溪镇政府】数据存疑：石桥站，02:07读数86.60米，疑设备故障。请先看视频或问村里，属实回880，误报回727。','880',2,0,1,1784052420000000,1784052420000000,0,'failed',1784052420000000,'通道失败','');
INSERT INTO "notifications" VALUES('faffc497-0337-5d63-8262-bd6efac09a33','yunxi/ACTUAL/','bc832377-736a-5280-92dc-744382ccf4f0','06bf2f96-9b41-526a-b4e2-c32ab2616bd1','desk-3','duty-officer','sms','13800000003','suspect','{"site": "石桥站", "time": "02:07", "level": "86.60", "yes": "880", "no": "727"}','【云溪镇政府】数据存疑：石桥站，02:07读数86.60米，疑设备故障。请先看视频或问村里，属实回880，误报回727。','880',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
INSERT INTO "notifications" VALUES('4cfae0aa-5ad9-5124-b21c-42c500bc1244','yunxi/ACTUAL/','bc832377-736a-5280-92dc-744382ccf4f0','06bf2f96-9b41-526a-b4e2-c32ab2616bd1','desk-3','duty-officer','wechat','desk-3','suspect','{"site": "石桥站", "time": "02:07", "level": "86.60", "yes": "880", "no": "727"}','【云溪镇政府】数据存疑：石桥站，02:07读数86.60米，疑设备故障。请先看视频或问村里，属实回880，误报回727。','880',2,0,1,1784052420000000,1784052420000000,0,'failed',1784052420000000,'通道失败','');
INSERT INTO "notifications" VALUES('4ad477e2-df81-5c68-a4f1-8cb6df540b2f','yunxi/ACTUAL/','bc832377-736a-5280-92dc-744382ccf4f0','72a52c50-a161-5c00-9c68-84b6a4bce417','grid-shiqiao','patrol-shiqiao','sms','13800000031','suspect','{"site": "石桥站", "time": "02:07", "level": "86.60", "yes": "880", "no": "727"}','【云溪镇政府】数据存疑：石桥站，02:07读数86.60米，疑设备故障。请先看视频或问村里，属实回880，误报回727。','880',2,0,1,1784052420000000,1784052420000000,0,'accepted',1784052420000000,'OK','');
CREATE TABLE observations (
	scope VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	sensor VARCHAR NOT NULL, 
	device_time BIGINT, 
	received_at BIGINT NOT NULL, 
	observed_at BIGINT NOT NULL, 
	raw_value FLOAT, 
	raw_unit VARCHAR NOT NULL, 
	value FLOAT, 
	flag SMALLINT NOT NULL, 
	reasons VARCHAR NOT NULL, 
	late BOOLEAN NOT NULL, 
	retained BOOLEAN NOT NULL, 
	detail TEXT, 
	CONSTRAINT pk_observations PRIMARY KEY (scope, "key", sensor)
)
 WITHOUT ROWID

;
INSERT INTO "observations" VALUES('yunxi/ACTUAL/','t:1784052000000000','shiqiao-level',1784052000000000,1784052000000000,1784052000000000,85.2,'m',85.2,2,'',0,0,NULL);
INSERT INTO "observations" VALUES('yunxi/ACTUAL/','t:1784052300000000','manshui-level',1784052300000000,1784052300000000,1784052300000000,94.4,'m',94.4,2,'',0,0,NULL);
INSERT INTO "observations" VALUES('yunxi/ACTUAL/','t:1784052300000000','shiqiao-level',1784052300000000,1784052300000000,1784052300000000,85.3,'m',85.3,1,'',0,0,NULL);
INSERT INTO "observations" VALUES('yunxi/ACTUAL/','t:1784052420000000','shiqiao-level',1784052420000000,1784052420000000,1784052420000000,86.6,'m',86.6,3,'rate of change',0,0,NULL);
INSERT INTO "observations" VALUES('yunxi/ACTUAL/','t:1784052600000000','shiqiao-level',1784052600000000,1784052600000000,1784052600000000,-5.0,'m',-5.0,4,'gross range|rate of change|spike',0,0,NULL);
INSERT INTO "observations" VALUES('yunxi/EXERCISE/autumn-drill','t:1784052300000000','manshui-level',1784052300000000,1784052300000000,1784052300000000,94.4,'m',94.4,2,'',0,0,NULL);
CREATE TABLE quarantine (
	id VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	received_at BIGINT NOT NULL, 
	topic VARCHAR NOT NULL, 
	payload BLOB NOT NULL, 
	retained BOOLEAN NOT NULL, 
	reason VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	CONSTRAINT pk_quarantine PRIMARY KEY (id)
);
INSERT INTO "quarantine" VALUES('8142ba65-d45b-5ee9-a923-210c0cf32983','yunxi/ACTUAL/',1784052300000000,'risk/yunxi/shiqiao-level/level',X'7B62726F6B656E',0,'not JSON','Expecting property name enclosed in double quotes: line 1 column 2 (char 1)');
INSERT INTO "quarantine" VALUES('cd194597-8e17-56af-ab4d-133bb6628ca5','yunxi/ACTUAL/',1784052300000000,'',X'6E6F626F64792D6B6E6F777320743A3137383430353233303030303030303020312E30204E6F6E65',0,'unknown sensor','nobody-knows');
CREATE TABLE receipts (
	id VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	notification VARCHAR NOT NULL, 
	provider_id VARCHAR NOT NULL, 
	phone VARCHAR NOT NULL, 
	delivered BOOLEAN NOT NULL, 
	reason VARCHAR NOT NULL, 
	blames_person BOOLEAN NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_receipts PRIMARY KEY (id)
);
INSERT INTO "receipts" VALUES('sms/4ad477e2-df81-5c68-a4f1-8cb6df540b2f/4ad477e2-df81-5c68-a4f1-8cb6df540b2f/13800000001/True','sms','4ad477e2-df81-5c68-a4f1-8cb6df540b2f','4ad477e2-df81-5c68-a4f1-8cb6df540b2f','13800000001',1,'DELIVRD',0,1784052600000000);
CREATE TABLE replies (
	id VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	phone VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	channel VARCHAR NOT NULL, 
	why VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	seen_by VARCHAR, 
	seen_at BIGINT, 
	CONSTRAINT pk_replies PRIMARY KEY (id)
);
INSERT INTO "replies" VALUES('5ddacd04-2f28-555d-9a8b-ae1bc3214ff8','yunxi/ACTUAL/','13800000002','哈哈','sms','no digits of an open call',1784052480000000,NULL,NULL);
CREATE TABLE rule_states (
	scope VARCHAR NOT NULL, 
	rule VARCHAR NOT NULL, 
	sensor VARCHAR NOT NULL, 
	params_hash VARCHAR NOT NULL, 
	version SMALLINT NOT NULL, 
	state TEXT NOT NULL, 
	CONSTRAINT pk_rule_states PRIMARY KEY (scope, rule, sensor)
)
 WITHOUT ROWID

;
INSERT INTO "rule_states" VALUES('yunxi/ACTUAL/','manshui-level','manshui-level','a9c6311c3302a6aadbb59ccb0fe41aef769049ede652c848791eb4b8b9007e01',1,'{"at":"2026-07-14T18:05:00+00:00","state":[[2,"2026-07-14T18:05:00+00:00",2,[],null,[false]],null]}');
INSERT INTO "rule_states" VALUES('yunxi/ACTUAL/','manshui-silence','manshui-level','42bc11ec31335aa269d065033e6e5ab65a1f4eefd2e8edddcaf86ff0fbfe57ed',1,'{"at":"2026-07-14T18:05:00+00:00","state":["OK",null,"2026-07-14T18:05:00+00:00"]}');
INSERT INTO "rule_states" VALUES('yunxi/ACTUAL/','shiqiao-level','shiqiao-level','10f0c2f32ba079658ad9ae0568c8ea34c7c5fb96e18fb23018819929aa3f27d7',1,'{"at":"2026-07-14T18:10:00+00:00","state":[[0,"2026-07-14T18:00:00+00:00",0,[],null,[false]],[2,"2026-07-14T18:07:00+00:00",86.6,"2026-07-14T18:10:00+00:00"]]}');
INSERT INTO "rule_states" VALUES('yunxi/ACTUAL/','shiqiao-silence','shiqiao-level','94d0d012cb55da29d5f4deb8fdbcc70b9761f9100336e4a056e2e181aab87354',1,'{"at":"2026-07-14T18:00:00+00:00","state":["OK",null,"2026-07-14T18:00:00+00:00"]}');
INSERT INTO "rule_states" VALUES('yunxi/EXERCISE/autumn-drill','manshui-level','manshui-level','a9c6311c3302a6aadbb59ccb0fe41aef769049ede652c848791eb4b8b9007e01',1,'{"at":"2026-07-14T18:05:00+00:00","state":[[2,"2026-07-14T18:05:00+00:00",2,[],null,[false]],null]}');
INSERT INTO "rule_states" VALUES('yunxi/EXERCISE/autumn-drill','manshui-silence','manshui-level','42bc11ec31335aa269d065033e6e5ab65a1f4eefd2e8edddcaf86ff0fbfe57ed',1,'{"at":"2026-07-14T18:05:00+00:00","state":["OK",null,"2026-07-14T18:05:00+00:00"]}');
CREATE TABLE stand_downs (
	alert VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_stand_downs PRIMARY KEY (alert), 
	CONSTRAINT fk_stand_downs_alert FOREIGN KEY(alert) REFERENCES alerts (id)
);
INSERT INTO "stand_downs" VALUES('7d9aa37f-71a2-59e2-80c1-19856279c17d','yunxi/ACTUAL/','area-west','水已退，桥已清',1784052420000000);
CREATE INDEX ix_alerts_scope_cleared_at ON alerts (scope, cleared_at);
CREATE INDEX ix_findings_scope_closed_at ON findings (scope, closed_at);
CREATE INDEX ix_journal_subject ON journal (subject);
CREATE INDEX ix_notifications_subject ON notifications (subject);
CREATE INDEX ix_notifications_address_created_at ON notifications (address, created_at);
CREATE INDEX ix_notifications_state_channel_next_at ON notifications (state, channel, next_at);
CREATE INDEX ix_notifications_ladder ON notifications (ladder);
CREATE INDEX ix_observations_scope_observed_at_sensor ON observations (scope, observed_at, sensor);
CREATE INDEX ix_quarantine_scope_received_at ON quarantine (scope, received_at);
CREATE INDEX ix_receipts_notification ON receipts (notification);
CREATE INDEX ix_replies_seen_at_at ON replies (seen_at, at);
CREATE INDEX ix_acknowledgements_alert_person ON acknowledgements (alert, person);
CREATE INDEX ix_attempts_lease_until ON attempts (lease_until);
CREATE INDEX ix_attempts_provider_id ON attempts (provider_id);
CREATE INDEX ix_escalations_alert ON escalations (alert);
CREATE INDEX ix_ladders_alert ON ladders (alert);
CREATE INDEX ix_ladders_state_due_at ON ladders (state, due_at);
COMMIT;
