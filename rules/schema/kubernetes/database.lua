-- Databases and queues that operators run.

entity "database.postgresql" {
  doc = "A PostgreSQL cluster.",
  kubernetes = {
    "postgresql.cnpg.io/Cluster", "acid.zalan.do/postgresql", "postgres-operator.crunchydata.com/PostgresCluster",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    instances = { number, ["acid.zalan.do/postgresql"] = "spec.numberOfInstances", "spec.instances" },
  },
}

entity "database.postgresql.backup" {
  doc = "A backup of a PostgreSQL cluster.",
  kubernetes = { "postgresql.cnpg.io/ScheduledBackup", "postgresql.cnpg.io/Backup" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "backs_up", "spec.cluster", to = "database.postgresql", match = "reference" },
  },
}

entity "database.mongodb" {
  doc = "A MongoDB replica set.",
  kubernetes = {
    "mongodbcommunity.mongodb.com/MongoDBCommunity", "psmdb.percona.com/PerconaServerMongoDB", "mongodb.com/MongoDB",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "database.cassandra" {
  doc = "A Cassandra cluster.",
  kubernetes = {
    "k8ssandra.io/K8ssandraCluster", "cassandra.datastax.com/CassandraDatacenter",
    "medusa.k8ssandra.io/MedusaBackupSchedule",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "database.redis" {
  doc = "A Redis.",
  kubernetes = {
    "redis.redis.opstreelabs.in/Redis", "redis.redis.opstreelabs.in/RedisCluster",
    "databases.spotahome.com/RedisFailover", "app.redislabs.com/RedisEnterpriseCluster",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "database.kafka" {
  doc = "A Kafka cluster.",
  kubernetes = { "kafka.strimzi.io/Kafka" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "database.kafka.object" {
  doc = "Topics and users of Kafka.",
  kubernetes = {
    "kafka.strimzi.io/KafkaTopic", "kafka.strimzi.io/KafkaUser", "kafka.strimzi.io/KafkaNodePool",
    "kafka.strimzi.io/KafkaConnect",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "database.rabbitmq" {
  doc = "A RabbitMQ cluster.",
  kubernetes = { "rabbitmq.com/RabbitmqCluster" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "database.mysql" {
  doc = "A MySQL cluster.",
  kubernetes = { "mysql.oracle.com/InnoDBCluster", "pxc.percona.com/PerconaXtraDBCluster", "k8s.mariadb.com/MariaDB" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "database.influxdb" {
  doc = "An InfluxDB.",
  kubernetes = { "influxdata.com/InfluxDB", "influxdata.com/Influxdb" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}
