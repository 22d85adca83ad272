// seat
