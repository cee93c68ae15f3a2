// The backend as the textbook has it: Gin, go-redis, database/sql; read-through and write-through without a protocol.
// A yardstick for the benches, and what the consistency tests must catch: same routes, keys and TTL.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/gin-gonic/gin"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/redis/go-redis/v9"
)

const rankKey = "bitcoin:rankings"

type Bitcoin struct {
	Symbol    string    `json:"symbol"`
	Price     int       `json:"price"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type CacheService struct {
	db  *sql.DB
	rdb *redis.Client
	ctx context.Context
	ttl time.Duration
}

// The coins of highest price. The limit is SQL, a number or ALL: as a parameter it would cost a worse plan.
func (s *CacheService) highest(limit string) ([]Bitcoin, error) {
	rows, err := s.db.QueryContext(s.ctx, "SELECT symbol, price, created_at, updated_at FROM bitcoins ORDER BY price DESC LIMIT "+limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Bitcoin{}
	for rows.Next() {
		var b Bitcoin
		if err := rows.Scan(&b.Symbol, &b.Price, &b.CreatedAt, &b.UpdatedAt); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, rows.Err()
}

func (s *CacheService) PrimeCache() {
	list, err := s.highest("ALL")
	if err != nil {
		log.Fatal(err)
	}
	for _, b := range list {
		j, _ := json.Marshal(b)
		s.rdb.Set(s.ctx, "bitcoin:"+b.Symbol, j, s.ttl)
	}
	log.Printf("primed %d", len(list))
}

func (s *CacheService) Get(sym string) (*Bitcoin, error) {
	// UNCACHED=1 reads past Redis: the control that a consistency check must pass.
	if v, err := s.rdb.Get(s.ctx, "bitcoin:"+sym).Bytes(); err == nil && os.Getenv("UNCACHED") == "" {
		var b Bitcoin
		if json.Unmarshal(v, &b) == nil {
			return &b, nil
		}
	}
	var b Bitcoin
	err := s.db.QueryRowContext(s.ctx, "SELECT symbol, price, created_at, updated_at FROM bitcoins WHERE symbol=$1", sym).Scan(&b.Symbol, &b.Price, &b.CreatedAt, &b.UpdatedAt)
	if err != nil {
		return nil, err
	}
	j, _ := json.Marshal(b)
	s.rdb.Set(s.ctx, "bitcoin:"+sym, j, s.ttl)
	return &b, nil
}

func (s *CacheService) Set(sym string, price int) (*Bitcoin, error) {
	var b Bitcoin
	err := s.db.QueryRowContext(s.ctx, `INSERT INTO bitcoins(symbol, price) VALUES($1,$2)
		ON CONFLICT(symbol) DO UPDATE SET price=EXCLUDED.price, updated_at=now()
		RETURNING symbol, price, created_at, updated_at`, sym, price).Scan(&b.Symbol, &b.Price, &b.CreatedAt, &b.UpdatedAt)
	if err != nil {
		return nil, err
	}
	j, _ := json.Marshal(b)
	s.rdb.Set(s.ctx, "bitcoin:"+sym, j, s.ttl)
	s.rdb.Del(s.ctx, rankKey)
	return &b, nil
}

func (s *CacheService) Delete(sym string) error {
	if _, err := s.db.ExecContext(s.ctx, "DELETE FROM bitcoins WHERE symbol=$1", sym); err != nil {
		return err
	}
	s.rdb.Del(s.ctx, "bitcoin:"+sym)
	s.rdb.Del(s.ctx, rankKey)
	return nil
}

func (s *CacheService) Ranked() ([]Bitcoin, error) {
	if v, err := s.rdb.Get(s.ctx, rankKey).Bytes(); err == nil && os.Getenv("UNCACHED") == "" {
		var l []Bitcoin
		if json.Unmarshal(v, &l) == nil {
			return l, nil
		}
	}
	// As many as the backend's page holds: both do the same work, however many coins a bench creates.
	l, err := s.highest("100")
	if err != nil {
		return nil, err
	}
	j, _ := json.Marshal(l)
	s.rdb.Set(s.ctx, rankKey, j, s.ttl)
	return l, nil
}

func main() {
	gin.SetMode(gin.ReleaseMode)
	db, err := sql.Open("pgx", fmt.Sprintf("host=%s port=%s dbname=%s user=%s password=%s",
		os.Getenv("POSTGRES_HOST"), os.Getenv("POSTGRES_PORT"), os.Getenv("POSTGRES_DB"), os.Getenv("POSTGRES_USER"), os.Getenv("POSTGRES_PASSWORD")))
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(20)
	db.SetMaxIdleConns(20)
	s := &CacheService{db, redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_HOST") + ":" + os.Getenv("REDIS_PORT")}), context.Background(), time.Hour}
	s.PrimeCache()
	r := gin.New()
	r.GET("/api/v1/bitcoins/:symbol", func(c *gin.Context) {
		b, err := s.Get(c.Param("symbol"))
		if err == sql.ErrNoRows {
			c.JSON(http.StatusNotFound, gin.H{"error": "not found"})
			return
		}
		if err != nil {
			c.JSON(500, gin.H{"error": err.Error()})
			return
		}
		c.JSON(200, b)
	})
	r.GET("/api/v1/bitcoins", func(c *gin.Context) {
		l, err := s.Ranked()
		if err != nil {
			c.JSON(500, gin.H{"error": err.Error()})
			return
		}
		c.JSON(200, l)
	})
	r.DELETE("/api/v1/bitcoins/:symbol", func(c *gin.Context) {
		if err := s.Delete(c.Param("symbol")); err != nil {
			c.JSON(500, gin.H{"error": err.Error()})
			return
		}
		c.Status(http.StatusNoContent)
	})
	r.PUT("/api/v1/bitcoins/:symbol", func(c *gin.Context) {
		var in struct {
			Price int `json:"price"`
		}
		if c.BindJSON(&in) != nil {
			return
		}
		b, err := s.Set(c.Param("symbol"), in.Price)
		if err != nil {
			c.JSON(500, gin.H{"error": err.Error()})
			return
		}
		c.JSON(200, b)
	})
	log.Fatal(r.Run("127.0.0.1:" + os.Getenv("PORT")))
}
