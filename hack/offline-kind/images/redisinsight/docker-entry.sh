#!/bin/sh
# RedisInsight's entry point is given the program to start; the stand-in is all that there is to start here.
exec python stand_in.py
